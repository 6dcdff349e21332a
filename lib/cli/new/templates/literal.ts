/** A text as a string literal of TypeScript, in the quotes that need fewer escapes. */
export const literal = (text: string): string => {
  const double = JSON.stringify(text)
  return text.includes("'") && !text.includes('"')
    ? double
    : `'${double.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}
