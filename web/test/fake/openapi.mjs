// A short OpenAPI 3.1 document in the style of the real server's.
const json = (schema) => ({ 'application/json': { schema } });
const ok = (schema) => ({
  200: { description: 'OK', content: json(schema) },
  default: {
    description: 'Error',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/ErrorModel' } } },
  },
});
const at = {
  name: 'at',
  in: 'query',
  description: 'the time asked about',
  schema: { type: 'string' },
  example: '2026-01-02',
};

export const openapi = {
  openapi: '3.1.0',
  info: {
    title: 'navicert',
    version: '0.1.0',
    description: 'For a voyage: clear, refer or refuse, with the evidence.',
  },
  paths: {
    '/api/v1/status': {
      get: {
        operationId: 'status',
        summary: 'What this installation holds',
        tags: ['state'],
        responses: ok({ type: 'object' }),
      },
    },
    '/api/v1/vessels': {
      get: {
        operationId: 'vessels',
        summary: 'The newest position of every vessel',
        tags: ['vessels'],
        parameters: [at],
        responses: ok({ type: 'object' }),
      },
    },
    '/api/v1/check': {
      post: {
        operationId: 'check',
        summary: 'Check a voyage and issue its certificate',
        tags: ['certificates'],
        requestBody: { required: true, content: json({ $ref: '#/components/schemas/Check' }) },
        responses: ok({ $ref: '#/components/schemas/Certificate' }),
      },
    },
  },
  components: {
    schemas: {
      Check: {
        type: 'object',
        required: ['voyage'],
        properties: { voyage: { type: 'object' }, as_of: { type: 'string', format: 'date-time' } },
      },
      Certificate: {
        type: 'object',
        properties: {
          id: { type: 'string' },
          verdict: { type: 'string', enum: ['clear', 'refer', 'refuse'] },
        },
      },
      ErrorModel: {
        type: 'object',
        properties: { title: { type: 'string' }, detail: { type: 'string' }, status: { type: 'integer' } },
      },
    },
  },
};
