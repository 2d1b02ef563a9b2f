export default function Screen(_: Record<string, unknown>) { return <p>Admin</p>; }
