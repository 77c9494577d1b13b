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
  return {
    open: (url) => send('POST', `${session}/url`, { url }),
    execute,
    /** Waits until the page has written its title, and gives its results. */
    async results() {
      const deadline = Date.now() + PATIENCE
      while ((await send('GET', `${session}/title`)) !== 'done') {
        if (Date.now() > deadline) throw new Error('the page did not finish')
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
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
