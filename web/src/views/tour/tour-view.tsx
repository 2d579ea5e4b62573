/** To come. */
export function TourView() {
  return <div className="view" />
}
