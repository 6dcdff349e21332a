import { registerPlugin } from 'toru-plugin-api'
import { Services } from './plugin.js'

registerPlugin(new Services())
