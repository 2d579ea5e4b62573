/** To come. */
export function ActView() {
  return <div className="view" />
}
