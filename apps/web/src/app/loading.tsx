import { Loading } from '../views/loading.tsx';

export default function Page() {
  return <Loading />;
}
