import { button, h } from './dom.js'

/**
 * Asks before something that cannot be undone. It is a modal dialog of the browser, so Escape means
 * no, and the focus returns to where it was.
 */
export const confirm = (parent: HTMLElement, question: string, yes: string): Promise<boolean> =>
  new Promise(resolve => {
    const text = h('p', { id: 'systemd-question', textContent: question })
    const dialog = h(
      'dialog',
      { className: 'confirm', returnValue: 'no' },
      text,
      h(
        'div',
        { className: 'actions' },
        button('Cancel', () => dialog.close('no'), { autofocus: true }),
        button(yes, () => dialog.close('yes'), { className: 'danger' }),
      ),
    )
    dialog.setAttribute('aria-labelledby', text.id)
    dialog.onclose = () => {
      dialog.remove()
      resolve(dialog.returnValue === 'yes')
    }
    parent.append(dialog)
    dialog.showModal()
  })
