export function journey(library: object, rules: object, baseUrl: string): Promise<object>;
