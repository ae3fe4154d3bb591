import Core
import Imaging
import Synchronization
import Testing

@testable import TUI

/// A presenter with the first case on the screen, and who follows since before that.
struct FixtureLesson {
  /// The size of a terminal.
  typealias Size = (columns: Int, rows: Int)

  let session: FixtureRoom.Session
  let teacher: Desk
  let desk: Desk

  init(
    neighbours: [BesideChoice] = [], teacher: Size = (120, 40), follower: Size = (120, 40)
  ) throws {
    session = FixtureRoom.Session()
    let rooms = [TeachingRole.presenter, .follower].map { [session] in
      FixtureRoom($0, session: session)
    }
    let volume = try #require(FixtureVolumes.axialDiscs)
    for room in rooms {
      room.library.neighbours.withLock {
        $0["1"] = neighbours.map { ($0, .success(.volume(volume))) }
      }
    }
    desk = Desk(rooms[1], columns: follower.columns, rows: follower.rows)
    desk.look()
    self.teacher = Desk(rooms[0], columns: teacher.columns, rows: teacher.rows)
    self.teacher.press("\n")
    desk.look(TeachingState.settlingLooks + 1)
  }

  /// What tests take apart.
  var parts: (session: FixtureRoom.Session, teacher: Desk, desk: Desk) { (session, teacher, desk) }
}
