// Writes what the browser needs besides the wasm: `node build.mjs <folder>` puts styles.css, boot.js and
// index.html there. The packages are read from node_modules (`npm ci` first).
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const out = process.argv[2] ?? join(here, '..', 'dist')
const packages = join(here, 'node_modules')
const designSystem = join(packages, '@digdir', 'designsystemet-css', 'dist', 'src')
const theme = join(packages, '@digdir', 'designsystemet-theme', 'brand', 'digdir.css')

// Only what the demo uses: the whole system is 147 KB. The order is the design system's own.
const components = [
  'alert', 'button', 'card', 'details', 'field', 'fieldset', 'heading', 'input', 'label', 'link',
  'list', 'paragraph', 'skip-link', 'spinner', 'tag',
]

// What the demo adds, from the whole page to its parts.
const pages = ['base', 'frame', 'pieces', 'signed-out', 'signed-in', 'session', 'inbox', 'dialog']

// Colours of the theme that no page of the demo wears.
const unusedColours = /^\s*--ds-color-brand[123]-[a-z-]+: .*;\n/gm

// Most of what the theme declares is for components that the demo does not have. What is read by nothing else goes with it.
const declaration = /(?<=[{;]\s*)(--[\w-]+)\s*:[^;{}"']*;/g
function withoutUnread(css) {
  const isRead = new Set(Array.from(css.matchAll(/var\(\s*(--[\w-]+)/g), ([, name]) => name))
  const rest = css.replace(declaration, (text, name) => (isRead.has(name) ? text : ''))
  return rest === css ? css : withoutUnread(rest)
}

const read = (...path) => readFileSync(join(...path), 'utf8').replace(/^@charset [^;]+;\s*/, '')
const layer = (name, css) => `@layer ${name} {\n${css}\n}\n`

const styles = [
  '@layer ds.theme, ds.base, ds.components;\n',
  read(theme).replace(unusedColours, ''),
  layer('ds.base', read(designSystem, 'base.css') + read(designSystem, 'data-size-workaround.css')),
  layer('ds.components', components.map((name) => read(designSystem, `${name}.css`)).join('\n')),
  ...pages.map((name) => read(here, 'styles', `${name}.css`)),
].join('\n').replace(/\/\*[^]*?\*\//g, '')

mkdirSync(out, { recursive: true })
writeFileSync(join(out, 'styles.css'), withoutUnread(styles))
copyFileSync(join(here, 'boot.js'), join(out, 'boot.js'))
copyFileSync(join(here, '..', 'index.html'), join(out, 'index.html'))
