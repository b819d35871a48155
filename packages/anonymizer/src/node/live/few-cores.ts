/** Up to so many, what is live and what starts beside it share every core. */
export const FEW_CORES = 2;
