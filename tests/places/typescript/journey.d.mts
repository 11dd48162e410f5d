export function journey(library: object, baseUrl: string): Promise<object>;
