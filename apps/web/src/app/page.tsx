import { Home } from '../views/home/home.tsx';

export default function Page() {
  return <Home />;
}
