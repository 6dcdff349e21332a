import 'reflect-metadata'
import 'io-ts'
