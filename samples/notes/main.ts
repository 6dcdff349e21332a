import { registerPlugin } from 'toru-plugin-api'
import { Notes } from './plugin.js'

registerPlugin(new Notes())
