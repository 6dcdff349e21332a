/**
 * A part of a plugin's code: CommonJS that loads another part with `require` and its {@link
 * partName}, or with {@link laterPart}.
 */
export interface Part {
  readonly code: string
  /** The parts that it imports statically. */
  readonly needs: ReadonlyArray<number>
}

/** The name by which a part is required before {@link joined}. */
export const partName = (index: number): string => `toru-part:${index}`

/** The dynamic import of a part. */
export const laterPart = (index: number): string => `__toruLater(${index})`

const PART = /require\("toru-part:(\d+)"\)/g

const PARAMETERS = '__toruPart,__toruLater,module,exports,require,__filename,__dirname'

/**
 * Joins parts into one file of CommonJS. The first part is the entry. Parts that the entry imports
 * only dynamically are put into comments, so that Node.js compiles them on demand: compiling takes
 * most of the time until a plugin listens. To Node.js such a part is a file of its own,
 * `<file>#<n>`, with its own entry in the compile cache.
 */
export const joined = (parts: ReadonlyArray<Part>): string => {
  const first = closure(parts)
  const texts = parts.map(({ code }) => code.replace(PART, '__toruPart($1)'))
  const end = unusedEnd(texts)
  const functions = texts.map((text, index) =>
    first.has(index)
      ? `(function(${PARAMETERS}){${text}\n})`
      : `function(){/*${text.replaceAll('*/', end)}*/}`,
  )
  return `${loader(end)}([\n${functions.join(',\n')}\n])\n`
}

/** The parts that the entry imports statically, itself included. */
const closure = (parts: ReadonlyArray<Part>): ReadonlySet<number> => {
  const found = new Set([0])
  // The loop also visits the indexes that it adds.
  for (const index of found) for (const need of parts[index]?.needs ?? []) found.add(need)
  return found
}

/** A replacement for the end of a comment that no text contains. */
export const unusedEnd = (texts: ReadonlyArray<string>, tildes = '~'): string =>
  texts.some(text => text.includes(`*${tildes}/`)) ? unusedEnd(texts, `${tildes}~`) : `*${tildes}/`

/**
 * Loads the parts. The source text of a function includes the comment in it, even when the file was
 * replaced meanwhile. A part that has thrown throws the same again, as a module does.
 */
const loader = (end: string): string => `"use strict";
(function(parts){
var Module=require("node:module"),loaded=[];
function hidden(text,n){
  var own=new Module(__filename+"#"+n,module);
  own.filename=own.id;
  own.paths=module.paths;
  own._compile("module.exports=(function(${PARAMETERS}){"+text.slice(text.indexOf("/*")+2,text.lastIndexOf("*/")).split(${JSON.stringify(end)}).join("*/")+"\\n})",own.id);
  return own.exports;
}
function part(n){
  var own=loaded[n],run=parts[n];
  if(!own){
    own=loaded[n]={exports:{}};
    try{
      if(!run.length)run=hidden(String(run),n);
      run(part,later,own,own.exports,require,__filename,__dirname);
    }catch(thrown){own.failed={thrown:thrown}}
  }
  if(own.failed)throw own.failed.thrown;
  return own.exports;
}
function later(n){return Promise.resolve().then(function(){return part(n)})}
part(0);
})`
