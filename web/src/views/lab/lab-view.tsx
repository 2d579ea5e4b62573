/** To come. */
export function LabView() {
  return <div className="view" />
}
