import { Journey } from "./journey";

export const dynamic = "force-dynamic";

export default function Page() {
  return <Journey api={process.env.BASE_URL} />;
}
