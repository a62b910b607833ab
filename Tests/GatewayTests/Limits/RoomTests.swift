import Gateway
import Resilience
import Testing
import Timeline

@Suite("The room that limits leave")
struct RoomTests {
    private static func bucket(_ perSecond: Int, burst: Int) throws -> TokenBucket.Settings {
        try .init(limit: perSecond, per: .seconds(1), burst: burst)
    }

    @Test("of its own limit and its part of a shared one, the one with less room counts; a route's counts apart")
    func rooms() throws {
        var gateway = try APIGatewayTests.gateway([
            try APIGatewayTests.product { $0.limit = try .tokenBucket(limit: 1, per: .seconds(1), burst: 5) }
        ]) { $0.limit = try .tokenBucket(limit: 1, per: .seconds(1), burst: 4) }
        #expect(gateway.room(at: .zero) == 4 && gateway.room(ofRoute: 0, at: .zero) == 5)
        let shared = try SharedLimit.Settings(Self.bucket(1, burst: 3), gateways: 2, period: .zero, delay: .zero)
        gateway.sharedLimit = try SharedLimit(shared, gateway: 0, at: .zero)
        #expect(gateway.room(at: .zero) == 3)
        _ = APIGatewayTests.receive(try APIGatewayTests.request(), &gateway)
        #expect(gateway.room(at: .zero) == 2 && gateway.room(ofRoute: 0, at: .zero) == 4)
        gateway.sharedLimit?.hear(SharedLimit.Report(from: 1, since: .zero, passed: 3), at: .zero)
        #expect(gateway.room(at: .zero) == -1)
    }

    @Test("without a limit there is no room to speak of")
    func none() throws {
        let gateway = try APIGatewayTests.gateway([try APIGatewayTests.product()])
        #expect(gateway.room(at: .zero) == nil && gateway.room(ofRoute: 0, at: .zero) == nil)
    }
}
