import { definePluginView } from 'toru-plugin-api/frontend'
import './style.css'

definePluginView({
  id: 'my-plugin',
  async mount(container, api) {
    const heading = document.createElement('h2')
    heading.textContent = 'My Plugin'
    const said = document.createElement('p')
    // Screen readers announce what it says.
    said.role = 'status'
    said.textContent = 'Asking the plugin…'
    const create = document.createElement('button')
    create.textContent = 'Create'
    container.append(heading, said, create)

    const ask = async (path: string, init?: RequestInit): Promise<void> => {
      try {
        const answer = await api.fetch(path, init)
        // Errors have a message, too.
        const { message, status } = await answer.json()
        said.textContent = message ?? status
      } catch (thrown) {
        said.textContent = `There is no answer: ${thrown}`
      }
    }
    create.onclick = () => ask('/data', { method: 'POST' })
    await ask('/')
  },
})
