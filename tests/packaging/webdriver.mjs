// A real Chromium, driven by the W3C WebDriver protocol.

import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** How long a page may take, in milliseconds. */
const PATIENCE = 60_000

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Gives the work a browser, and ends it afterwards whatever happens. */
export async function withBrowser(work) {
  const profile = mkdtempSync(join(tmpdir(), 'portvakt-packaging-'))
  const driver = spawn('chromedriver', ['--port=0'], { stdio: ['ignore', 'pipe', 'ignore'] })
  try {
    const port = await announced(driver)
    const send = async (method, path, body) => {
      const init = body === undefined ? { method } : { method, body: JSON.stringify(body) }
      const { value } = await (await fetch(`http://127.0.0.1:${port}${path}`, init)).json()
      if (value?.error) throw new Error(`${value.error}: ${value.message}`)
      return value
    }
    const { sessionId } = await send('POST', '/session', {
      capabilities: {
        alwaysMatch: { 'goog:chromeOptions': { args: [...FLAGS, `--user-data-dir=${profile}`] } },
      },
    })
    const session = `/session/${sessionId}`
    try {
      return await work(browserOf(send, session))
    } finally {
      await send('DELETE', session)
    }
  } finally {
    driver.kill()
    rmSync(profile, { recursive: true, force: true })
  }
}

function browserOf(send, session) {
  const execute = (script, ...args) => send('POST', `${session}/execute/sync`, { script, args })
  /** Asks the page until the answer is true, or throws what it was asked. */
  const wait = async (question, ...args) => {
    const deadline = Date.now() + PATIENCE
    for (;;) {
      // A page that is just being left cannot answer.
      const answer = await execute(question, ...args).catch(() => undefined)
      if (answer) return answer
      if (Date.now() > deadline) {
        const seen = await execute('return `${location.href}: ${document.body?.innerText}`').catch(String)
        throw new Error(`not so in time: ${question} ${args}; the page is ${seen}`)
      }
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  return {
    open: (url) => send('POST', `${session}/url`, { url }),
    back: () => send('POST', `${session}/back`, {}),
    reload: () => send('POST', `${session}/refresh`, {}),
    execute,
    wait,
    /** Waits until there is such an element, and clicks it. */
    click: (selector) =>
      wait('const found = document.querySelector(arguments[0]); found?.click(); return found !== null', selector),
    /** Waits until the page says so. */
    see: (text) => wait('return document.body?.innerText.includes(arguments[0])', text),
    /** Waits until the page has written its title, and gives its results. */
    async results() {
      await wait("return document.title === 'done'")
      return execute('return window.results')
    },
  }
}

/** The port that the driver chose. */
async function announced(driver) {
  let output = ''
  for await (const chunk of driver.stdout) {
    output += chunk
    const port = /started successfully on port (\d+)/.exec(output)?.[1]
    if (port !== undefined) {
      driver.stdout.resume()
      return port
    }
  }
  throw new Error('chromedriver ended by itself')
}
