/** To come. */
export function BlockView() {
  return <div className="view" />
}
