import Core
import Foundation
import Imaging

@testable import TUI

/// A reader at an editor whose state can be looked at; what is asked of workers is done at once.
final class EditorDesk {
  private(set) var state: AppState
  let library: FixtureLibrary

  /// Opens study 001 and presses keys in it.
  init(
    _ keys: String, capabilities: TerminalCapabilities = TerminalCapabilities(),
    library: FixtureLibrary = FixtureLibrary { Session.time }
  ) {
    self.library = library
    state = AppState(
      title: library.title, reader: "liu", size: TerminalSize(columns: 120, rows: 40),
      capabilities: capabilities, timeZone: .gmt)
    state.carryOut(Workstation.start(&state), on: library)
    press("/001\n\n" + keys)
  }

  /// Draws the picture that is wanted now.
  func draw() { state.drawPicture() }

  /// Applies an event; the picture that is shown stays.
  func send(_ event: TerminalEvent) {
    state.carryOut(Workstation.update(&state, event), on: library)
  }

  func press(_ keys: String) {
    for key in keys {
      switch key {
      case "\n": send(.key(KeyPress(.enter)))
      case "\u{1b}": send(.key(KeyPress(.escape)))
      default: send(.key(.character(key)))
      }
      draw()
    }
  }

  /// A mouse act at a point of the slice: column and row in grid px.
  func mouse(
    _ kind: MouseAct.Kind, _ point: SIMD2<Double>, _ button: MouseAct.Button = .left
  ) {
    guard let cell = cell(point) else { return }
    send(.mouse(MouseAct(kind, row: cell.row, column: cell.column, button: button)))
    draw()
  }

  /// The cell of the screen in which a point of the slice lies.
  func cell(_ point: SIMD2<Double>) -> (row: Int, column: Int)? {
    guard let placement = state.study?.shown?.picture.placement else { return nil }
    let (rect, perCell) = (StudyLayout(state).picture, state.capabilities.pixelsPerCell)
    return (
      rect.row + Int(placement.y(ofRow: point.y)) / perCell.height,
      rect.column + Int(placement.x(ofColumn: point.x)) / perCell.width
    )
  }

  var correction: CorrectionMode? { state.study?.correction }
  var message: String { state.message?.text ?? "" }
  var slice: Int { state.study?.slice ?? -1 }

  /// Whether a pixel of the mask of the slice shown is set.
  func isSet(_ row: Int, _ column: Int) -> Bool {
    guard let masks = correction?.mask?.masks, masks.indices.contains(slice) else { return false }
    return masks[slice][row, column]
  }
}
