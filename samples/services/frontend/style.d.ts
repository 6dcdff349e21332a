// TypeScript wants to be told that a bundler knows what to do with style sheets.
declare module '*.css'
