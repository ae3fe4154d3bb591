/// A button of the mouse held down in an editor: from its press to its release it makes one edit.
struct MouseStroke: Equatable, Sendable {
  /// A point of the labels in the mouse's hand.
  struct Grip: Equatable, Sendable {
    /// Its number.
    let number: UInt16
    /// Where it lay when it was taken, in RAS mm.
    let place: SIMD3<Double>
    /// Where the mouse took it: column and row of the slice, in grid px.
    let from: SIMD2<Double>
  }

  let button: MouseAct.Button
  /// Place in the list of pictures of the slice that it began on; it changes no other.
  let slice: Int
  /// The point held; `nil` in masks.
  var grip: Grip?
  /// Column and row where it was last, in grid px; `nil` while the mouse is beside the picture.
  var last: SIMD2<Double>?
  /// Whether it has made its edit, with which the rest goes on.
  var hasEdited = false

  init(_ button: MouseAct.Button, on slice: Int, at point: SIMD2<Double>) {
    (self.button, self.slice, last) = (button, slice, point)
  }
}
