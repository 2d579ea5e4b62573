/** To come. */
export function ChartsView() {
  return <div className="view" />
}
