// The only wiring: the gateway is handed the objects, and neither knows the other.

import { readConfig } from './config.ts'
import { createGateway } from './gateway/gateway.ts'
import { type Bindings, backend } from './objects/bindings.ts'

export { AccountObject } from './objects/account/object.ts'
export { DirectoryObject } from './objects/directory/object.ts'
export { KeyRingObject } from './objects/key-ring/object.ts'
export { LoginObject } from './objects/login/object.ts'
export { RoomObject } from './objects/room/object.ts'
export { ThrottleObject } from './objects/throttle/object.ts'

let gateway: ReturnType<typeof createGateway> | undefined

export default {
  fetch(request, env, context) {
    gateway ??= created(env)
    return gateway.fetch(request, env, context)
  },
} satisfies ExportedHandler<Bindings>

/** An invalid configuration is logged, and fails every request. */
function created(env: Bindings) {
  try {
    return createGateway(readConfig(env), backend(env))
  } catch (error) {
    console.error(error)
    throw error
  }
}
