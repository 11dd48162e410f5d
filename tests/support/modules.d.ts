// Declarations of packages without types.

declare module "workerd" {
  const workerd: {
    /** The path of the binary. */
    default: string;
    compatibilityDate: string;
  };
  export = workerd;
}

declare module "express" {
  const express: any;
  export = express;
}
