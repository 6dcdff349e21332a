// Ours: the same answers from a decorated class.
import { registerPlugin } from 'toru-plugin-api'
import { Bench } from './bench-plugin.js'

registerPlugin(new Bench())
