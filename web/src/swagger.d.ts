declare module 'swagger-ui-dist/swagger-ui-es-bundle.js' {
  interface Options {
    domNode: HTMLElement;
    spec: unknown;
    deepLinking: boolean;
    validatorUrl: null;
    /** 0 folds the schemas. */
    defaultModelsExpandDepth: number;
    docExpansion: 'list' | 'full' | 'none';
  }
  const SwaggerUI: (options: Options) => unknown;
  export default SwaggerUI;
}
