// The description of the HTTP API (OpenAPI 3.1). It is made at build time from the routes of the
// real gateway, so nothing of it is in the Worker.

import { toJsonSchema } from '@valibot/to-json-schema'
import { Hono } from 'hono'
import { describeRoute, generateSpecs } from 'hono-openapi'
import type { GenericSchema } from 'valibot'
import { readConfig } from '../../src/config.ts'
import type { Backend } from '../../src/contract.ts'
import { createGateway } from '../../src/gateway/gateway.ts'
import { REFUSALS } from '../../src/refusals.ts'
import * as answers from './answers.ts'
import type { RouteDescription, Sentence } from './route-description.ts'
import { ROUTES } from './routes.ts'

type Specification = Parameters<typeof describeRoute>[0]

/** `method path` of every route of the gateway, as it stands in ROUTES. */
export function gatewayRoutes(): string[] {
  const app = createGateway(readConfig({}), {} as Backend)
  const named = app.routes.filter(({ method, path }) => method !== 'ALL' && !path.includes('*'))
  return [...new Set(named.map(({ method, path }) => `${method} ${path}`))]
}

/** @throws Error for a route without a description, and for a description without a route. */
export async function describeApi(version: string) {
  const described = new Hono()
  const routes = gatewayRoutes()
  for (const route of routes) {
    const [method = '', path = ''] = route.split(' ')
    const description = ROUTES[route]
    if (!description) throw new Error(`no description of ${route}`)
    described.on(method, path, describeRoute(specification(description)), (context) =>
      context.body(null),
    )
  }
  const gone = Object.keys(ROUTES).filter((route) => !routes.includes(route))
  if (gone.length > 0) throw new Error(`no route for the description of ${gone.join(', ')}`)
  return generateSpecs(described, {
    excludeStaticFile: false,
    documentation: {
      info: {
        title: 'Stompbox',
        version,
        description:
          'The HTTP API. What goes over a WebSocket is STOMP, which docs/protocol.md describes.',
      },
      components: {
        securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
        schemas: { ...schemasOf(answers), Problem: problemSchema() },
      },
    },
  })
}

function specification({ summary, by, body, query, keyed, gives, ...rest }: RouteDescription) {
  const parameters = [...(query ? queryParameters(query) : []), ...(keyed ? KEY_HEADERS : [])]
  return {
    summary,
    ...(by !== 'any' && { security: [{ token: [] }] }),
    ...(by === 'admin' && { description: 'The token must carry the authority ADMIN.' }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: { required: rest.bodyOptional !== true, content: json(jsonSchema(body)) },
    }),
    responses: {
      ...mapped(gives, answer),
      default: {
        description: 'A refusal, with a stable code.',
        content: { 'application/problem+json': { schema: reference('Problem') } },
      },
    },
  } as Specification
}

function answer(what: keyof typeof answers | Sentence) {
  if (typeof what === 'object') return { description: what.sentence }
  return { description: what, content: json(reference(what)) }
}

const json = (schema: object) => ({ 'application/json': { schema } })

const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` })

/** As docs/protocol.md describes them. */
const KEY_HEADERS = [
  {
    ...{ name: 'Idempotency-Key', in: 'header' },
    description: 'The same request under the same key is executed once.',
    schema: { type: 'string', minLength: 1, maxLength: 128 },
  },
  {
    ...{ name: 'Idempotency-Since', in: 'header' },
    description: 'When the key was first used: milliseconds since 1970, or RFC 3339.',
    schema: { type: 'string' },
  },
]

const queryParameters = (schema: GenericSchema) =>
  Object.entries(jsonSchema(schema).properties ?? {}).map(([name, schema]) => ({
    ...{ name, in: 'query', schema },
  }))

/**
 * What a client sends, before a schema transforms it. Checks that JSON Schema cannot say are left
 * out.
 */
function jsonSchema(schema: GenericSchema) {
  const { $schema: _, ...rest } = toJsonSchema(schema, { typeMode: 'input', errorMode: 'ignore' })
  return rest
}

/** Open: a later version may answer more. */
const schemasOf = (schemas: Record<string, GenericSchema>): Record<string, object> =>
  JSON.parse(
    JSON.stringify(mapped(schemas, jsonSchema), (name, value) =>
      name === 'additionalProperties' && value === false ? undefined : value,
    ),
  )

const mapped = <From, To>(values: Record<string, From>, change: (value: From) => To) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]))

/**
 * RFC 9457, with every code there is: also those that only STOMP tells, since clients share them.
 */
function problemSchema() {
  const codes = Object.entries(REFUSALS)
  return {
    type: 'object' as const,
    required: ['type', 'title', 'status', 'code'],
    properties: {
      type: { const: 'about:blank' },
      title: { type: 'string' as const },
      status: { type: 'integer' as const },
      code: {
        type: 'string' as const,
        enum: codes.map(([code]) => code),
        description: codes
          .map(([code, { status, sentence }]) => `- \`${code}\` (${status}): ${sentence}`)
          .join('\n'),
      },
      detail: { type: 'string' as const },
    },
  }
}
