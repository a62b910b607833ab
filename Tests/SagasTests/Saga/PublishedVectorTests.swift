import Sagas
import Testing

@Suite("Published saga cases")
struct PublishedVectorTests {
    static let plays = [
        Play(
            "Temporal TripBookingWorkflowTest: the flight fails, and all three are cancelled, the flight's too",
            "car/x hotel/y flight/z",
            """
            0 start        > car
            0 ok car       > hotel
            0 ok hotel     > flight
            0 fails flight > back, undo flight
            0 undone flight > undo hotel
            0 undone hotel > undo car
            0 undone car   > compensated
            """),
        Play(
            "Temporal SagaTest: in parallel, both undos are called, and an undo of what never began is not",
            { try .sketch("child/x activity/y third fourth/z", order: .parallel) },
            """
            0 start       > child
            0 ok child    > activity
            0 ok activity > third
            0 fails third > back, undo activity, undo child
            """),
        Play(
            "Conductor cookbook and TestDeciderService: reserve, charge, ship four times, refund, release",
            "reserve/release charge/refund ship:4",
            """
            0    start        > reserve
            0    ok reserve   > charge
            0    ok charge    > ship
            0    fails ship   > ship at 1000
            1000 time         > ship#2
            1000 fails ship   > ship at 2000
            2000 time         > ship#3
            2000 fails ship   > ship at 3000
            3000 time         > ship#4
            3000 fails ship   > back, undo charge
            3000 undone charge > undo reserve
            3000 undone reserve > compensated
            """),
        Play(
            "MassTransit Courier Fault_Specs: the undo of B fails when C does; by choice A is undone all the same",
            { try .sketch("a/x b/y c", undo: 1) },
            """
            0 start        > a
            0 ok a         > b
            0 ok b         > c
            0 fails c      > back, undo b
            0 undo fails b > given up b, undo a
            0 undone a     > compensation failed
            """),
        Play(
            "MassTransit Courier, and Seata 2861: or it stops at B, and A waits",
            { try .sketch("a/x b/y c", undo: 1, whenExhausted: .waitsForOperator) },
            "0 start > a\n0 ok a > b\n0 ok b > c\n0 fails c > back, undo b\n0 undo fails b > stalled undo b"),
        Play(
            "Eventuate LocalSagaTest: the last step, which has no undo, fails; step 2 is undone, then the end",
            "1 2/x 3",
            "0 start > 1\n0 ok 1 > 2\n0 ok 2 > 3\n0 fails 3 > back, undo 2\n0 undone 2 > compensated"),
        Play(
            "DBOS test_workflow_management: stopped after step 1, step 2 never runs; resumed, only step 2 does; again, nothing",
            "1 2",
            """
            0 start  > 1
            0 pause  > paused
            1 ok 1
            2 resume > 2
            3 resume > refused: the saga is not paused
            4 ok 2   > completed
            5 resume > refused: the saga has ended
            """),
        Play(
            "DBOS test_workflow_management: stopped after the last step it has not succeeded; resumed, it has, and no step runs",
            "1 2",
            "0 start > 1\n0 ok 1 > 2\n0 pause > paused\n1 ok 2\n2 resume > completed"),
        Play(
            "MassTransit UnobservedEvent_Specs: an event that the state does not expect changes nothing", "1 2",
            "0 start > 1\n0 ok 2\n0 undone 1\n0 locked"),
        Play(
            "Conductor 310: a retry inside a fork leaves its siblings alone", "( a:2 b ) c",
            "0 start > a, b\n0 fails a > a at 1000\n1 ok b\n1000 time > a#2\n1001 ok a > c"),
        Play(
            "Conductor TestDeciderService, Richardson FTGO Create Order: a query before the pivot needs no undo",
            "create/reject verify ticket/rejectTicket authorize! approveTicket* approveOrder*",
            """
            0 start           > create
            0 ok create       > verify
            0 ok verify       > ticket
            0 ok ticket       > authorize
            0 fails authorize > back, undo ticket
            0 undone ticket   > undo create
            0 undone create   > compensated
            """),
    ]

    @Test("published", arguments: plays)
    func published(_ play: Play) throws { try play.run() }
}
