// What has no declarations of its own.

declare module "workerd" {
  const workerd: {
    /** The path of the binary. */
    default: string;
    compatibilityDate: string;
  };
  export = workerd;
}
