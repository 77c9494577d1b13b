// The modules of runtimes that are given one bundled script: no part of Node.

import * as portvakt from 'portvakt/verify'
import * as jose from 'jose'
import * as hono from 'hono/jwt'
import * as aws from 'aws-jwt-verify'
import * as oauth from 'oauth4webapi'

export const modules = { portvakt, jose, hono, aws, oauth }
