import { render } from 'preact'
import { App } from './app.js'
import { listen } from './events.js'
import './theme.js'

const root = document.getElementById('app')
if (root !== null) {
  root.replaceChildren()
  render(<App />, root)
  listen()
}
