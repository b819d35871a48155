import { NotFound } from '../views/not-found.tsx';

export default function Page() {
  return <NotFound />;
}
