// Strict types come from tsconfig.json; the compiler has no other settings.
export default {};
