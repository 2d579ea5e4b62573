/** Responses as OpenAPI describes them: what a route gives, and every problem that it can give instead. */
import { type TSchema, Type } from 'typebox'
import { makeProblem, PROBLEMS, type Problem, type ProblemCode } from '../http/problems.ts'

export const ProblemDetails = Type.Object(
  {
    type: Type.String({ description: 'A URN made of the code' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String({ description: 'What was expected and what came' }),
    code: Type.String({ description: 'Stable; see docs/PROTOCOL.md' }),
    errors: Type.Optional(
      Type.Array(Type.Object({ field: Type.String(), detail: Type.String() }), {
        description: 'Each field that is wrong',
      }),
    ),
  },
  { $id: 'Problem', description: 'RFC 9457 problem details' },
)

/** A successful JSON answer as OpenAPI has it. */
export function jsonResponse(description: string, schema: TSchema, example: unknown) {
  return { description, content: { 'application/json': { schema, example } } }
}

/** Error answers as OpenAPI has them, by status: every code that a route can give. */
export function problems(...codes: ProblemCode[]) {
  const always: ProblemCode[] = ['host-not-allowed', 'too-many-requests', 'internal-error']
  const examples = [...codes, ...always].map((code) =>
    makeProblem(code, PROBLEMS.get(code)?.means ?? ''),
  )
  const byStatus = Map.groupBy(examples, ({ status }) => status)
  return Object.fromEntries([...byStatus].map(([status, all]) => [status, problemAnswer(all)]))
}

function problemAnswer(examples: readonly Problem[]) {
  return {
    description: examples.map(({ code, detail }) => `\`${code}\`: ${detail}`).join('; '),
    content: {
      'application/problem+json': {
        schema: Type.Ref('Problem'),
        examples: Object.fromEntries(
          examples.map((value) => [value.code, { summary: value.detail, value }]),
        ),
      },
    },
  }
}
