import type { ExecutionContext } from 'ava'
import type { Page } from '../support/browser.js'

/** The page of `hello`, in whatever host shows it: it says what the plugin says. */
export const tryHello = async (t: ExecutionContext, page: Page): Promise<void> => {
  await page.getByRole('heading', { name: 'My Plugin' }).last().waitFor()
  const said = page.getByRole('status').locator(':scope', { hasText: /^Hello from plugin!$/ })
  await said.waitFor()
  await page.getByRole('button', { name: 'Create', exact: true }).click()
  await page
    .getByRole('status')
    .locator(':scope', { hasText: /^created$/ })
    .waitFor()
  t.pass()
}

/** The page of `notes`, without notes at first: notes are added, shown as text, and deleted. */
export const tryNotes = async (t: ExecutionContext, page: Page): Promise<void> => {
  const count = (text: string) =>
    page.getByRole('status').locator(':scope', { hasText: text }).waitFor()
  const form = page.getByRole('form', { name: 'A new note' })
  const add = (title: string, tags: string, text: string) =>
    form
      .getByLabel('Title')
      .fill(title)
      .then(() => form.getByLabel('Tags').fill(tags))
      .then(() => form.getByLabel('Text').fill(text))
      .then(() => form.getByRole('button', { name: 'Add' }).click())
  await count('0 notes')
  await add('Milk', 'shop, today,', 'two bottles\n<b>cold</b>')
  await count('1 note')
  const notes = page.getByRole('list', { name: 'Notes' }).getByRole('listitem')
  t.regex(
    await notes.first().innerText(),
    /^Milk\s+two bottles\n<b>cold<\/b>\s+shop\s+today\s.*\d\d\s.*Delete$/s,
  )
  t.deepEqual(
    [
      await form.getByLabel('Title').inputValue(),
      await page.evaluate('document.activeElement.required'),
    ],
    ['', true],
  )
  await add(' ', '', '')
  const problem = 'body.title: expected a title that is not empty, got " "'
  await page.getByRole('alert').locator(':scope', { hasText: problem }).waitFor()
  await add('Bread', '', '')
  await count('2 notes')
  t.false(await page.getByRole('alert').isVisible())
  await page.getByRole('button', { name: 'Delete Milk' }).click()
  await count('1 note')
  t.regex(await notes.first().innerText(), /^Bread\s/)
}
