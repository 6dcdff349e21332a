import { render } from 'preact'
import { App } from './layout/app.js'
import { listen } from './state/host-events.js'
import './layout/theme.js'

const root = document.getElementById('app')
if (root !== null) {
  root.replaceChildren()
  render(<App />, root)
  listen()
}
