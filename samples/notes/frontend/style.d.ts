// The bundler handles style sheets; this tells TypeScript.
declare module '*.css'
