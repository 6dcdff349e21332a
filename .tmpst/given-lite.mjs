import 'reflect-metadata/lite'
import 'io-ts'
