/** A text as a literal of TypeScript, in the quotes that need the fewer escapes. */
export const literal = (text: string): string => {
  const double = JSON.stringify(text)
  return text.includes("'") && !text.includes('"')
    ? double
    : `'${double.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}
