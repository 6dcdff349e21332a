/**
 * One part of a plugin's code: CommonJS that asks for another part with `require` and its {@link
 * partName}, or with {@link laterPart}.
 */
export interface Part {
  readonly code: string
  /** The parts that are run before this one. */
  readonly needs: ReadonlyArray<number>
}

/** What an import of another part looks like before {@link joined}. */
export const partName = (index: number): string => `toru-part:${index}`

/** What asks for another part later, with a promise of it. */
export const laterPart = (index: number): string => `__toruLater(${index})`

const PART = /require\("toru-part:(\d+)"\)/g

const PARAMETERS = '__toruPart,__toruLater,module,exports,require,__filename,__dirname'

/**
 * One file of CommonJS made of parts, the first of which is the entry. What the entry does not
 * import at once stands in comments, so that Node.js compiles it only when it is asked for: the
 * time that a plugin takes until it listens is mostly the compiler's. Such a part is a file of its
 * own to Node.js, `<file>#<n>`, and has its code kept in the compile cache.
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

/** The entry's part and all that it imports, and so on. */
const closure = (parts: ReadonlyArray<Part>): ReadonlySet<number> => {
  const found = new Set([0])
  // A set that grows while it is walked through hands out what was added.
  for (const index of found) for (const need of parts[index]?.needs ?? []) found.add(need)
  return found
}

/** What stands for the end of a comment inside of one: something that no part has. */
const unusedEnd = (texts: ReadonlyArray<string>, tildes = '~'): string =>
  texts.some(text => text.includes(`*${tildes}/`)) ? unusedEnd(texts, `${tildes}~`) : `*${tildes}/`

/**
 * A function's text is what the file says, the comment in it included, also after the file was
 * replaced. A part that failed fails again in the same way, as a module does.
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
