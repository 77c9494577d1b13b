// What was printed, to write into the page about it.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { here } from './project.mjs'

const printed = []

/** Prints a text, and keeps it. */
export function print(text = '') {
  printed.push(text)
  console.log(text)
}

/** Puts all that was printed between the marks of the page. */
export function writePage() {
  const page = join(here, '../../docs/performance.md')
  const [before, rest] = readFileSync(page, 'utf8').split('<!-- bench -->\n')
  const [, after] = rest.split('<!-- /bench -->')
  writeFileSync(page, `${before}<!-- bench -->\n${printed.join('\n').trim()}\n<!-- /bench -->${after}`)
}

/** A table of Markdown. */
export function table(head, rows) {
  const widths = head.map((cell, column) => Math.max(cell.length, ...rows.map((row) => row[column].length)))
  const line = (cells) => `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join(' | ')} |`
  const rule = `|${widths.map((width, column) => (column === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`
  return [line(head), rule, ...rows.map(line)].join('\n')
}

/** Three significant digits, which is more than is true. */
export function number(value) {
  if (!Number.isFinite(value)) return '–'
  if (value === 0) return '0'
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)
}
