/** A drape with its opening. */
export function Logo({ className }: { readonly className?: string }) {
  return (
    <svg viewBox="10 12 44 42" aria-hidden className={className}>
      <path d="M12 14h40v8c0 16-8 28-20 30C20 50 12 38 12 22z" className="fill-accent" />
      <path
        d="M12 22c6 6 12 2 16 10s6 16 4 20c-12-2-20-14-20-30z"
        className="fill-night"
        fillOpacity={0.35}
      />
      <circle cx="32" cy="27" r="7" className="fill-ink" />
    </svg>
  );
}
