import Simulation
import Timeline

/// Makes a plan of what a file says, and finds everything that is wrong with it.
///
/// It goes on after a problem: what is wrong is replaced by something that is not, so that every name that the
/// file declares is in the plan and later problems are not those of missing names.
struct Compiler {
    var plan = Plan(name: "", seed: 0, duration: .zero)
    var findings = Findings()
    private(set) var about = ""
    private(set) var teaches: [InterviewQuestion] = []
    private(set) var isEndless = false

    /// Services, sagas, loads and the like by name: a name means one of them.
    var names: [String: Named] = [:]
    /// Operations by their full names.
    var operations: [String: Int] = [:]
    /// For each service, the operations that it declares; none if it takes any.
    var declaredOperations: [[String]] = []
    var edges: [Ends: Int] = [:]
    /// For each operation, where each of its calls stands.
    var callPlaces: [[Place]] = []
    /// The gateways that there are mistakes in.
    var flawedGateways: Set<Int> = []
    /// All calls but those of loads, and where each stands.
    var innerCalls: [(operation: Int, place: Place)] = []

    /// What fallbacks call, which is looked up when all edges are known.
    var fallbackCalls: [FallbackCall] = []
    /// Which calls go to which compartments, which is looked up when all operations and tenants are known.
    var compartmentRules: [CompartmentRule] = []
    /// The ways of single operations, and where they are declared.
    var operationEdges: [(edge: Int, place: Place)] = []
    /// The breakers that their caller has one of, in order.
    var sharedBreakers: [SharedBreaker] = []
    /// How many guards of the edge under way have been read.
    var guardsRead = 0

    /// A call that a fallback makes.
    struct FallbackCall {
        let edge: Int
        let stage: Int
        /// Of an isolator, the compartment that falls back.
        let compartment: Int?
        let target: OperationNotation.Target
        let place: Place
    }

    /// A breaker that its caller has one of.
    struct SharedBreaker {
        let edge: Int
        let stage: Int
        /// Whether nothing is said but that it is shared.
        let isBare: Bool
        let place: Place
    }

    /// What a name means, by its index in the plan.
    enum Named: Hashable {
        case service(Int)
        case saga(Int)
        case choreography(Int)
        case load(Int)
        case store(Int)
        case projection(Int)
        case bus(Int)

        var kind: String {
            switch self {
            case .service: "service"
            case .saga: "saga"
            case .choreography: "choreography"
            case .load: "load"
            case .store: "event store"
            case .projection: "projection"
            case .bus: "command bus"
            }
        }
    }

    /// Where an edge begins and ends.
    struct Ends: Hashable {
        let source: EdgePlan.Source
        let target: Int
    }

    /// Compiles a file.
    init(_ tree: Tree) {
        let reader = SectionReader(tree, FileKeys.section, &findings)
        readHead(reader)
        let services = reader.pairs("services", of: "services", &findings)
        let sagas = reader.pairs("sagas", of: "sagas", &findings)
        let choreographies = reader.pairs("choreographies", of: "choreographies", &findings)
        let loads = reader.pairs("load", of: "loads", &findings)
        checkPresence(of: services, "services", "who does work", tree)
        checkPresence(of: loads, "load", "who calls", tree)
        // Without services every other name would be said to be wrong.
        guard !services.isEmpty else { return }
        let serviceReaders = readServices(services)
        readStores(reader.pairs("stores", of: "event stores", &findings))
        readBuses(reader.pairs("buses", of: "command buses", &findings))
        readProjections(reader.pairs("projections", of: "projections", &findings))
        declare(sagas, as: { .saga($0) })
        declare(choreographies, as: { .choreography($0) })
        declare(loads, as: { .load($0) })
        plan.loads = loads.map { Self.placeholder($0.key) }
        readEdges(reader.pairs("edges", of: "edges", &findings))
        resolveFallbackCalls()
        shareBreakers()
        readOperations(of: serviceReaders)
        checkOperationEdges()
        readSagas(sagas)
        readChoreographies(choreographies)
        readGateways(of: serviceReaders)
        readLoads(loads)
        resolveCompartmentRules()
        checkCalls()
        checkMemory(services)
        checkSizes(tree)
    }

    private mutating func readHead(_ reader: SectionReader) {
        if reader.tree[FileKeys.format.name] == nil,
            !reader.tree.misspells(FileKeys.format.name, of: reader.section.keys)
        {
            findings.add("a scenario begins with \"sagascope: \(FileKeys.version)\"", at: reader.tree.place)
        }
        if let version = reader.value(FileKeys.format, &findings), version != FileKeys.version {
            findings.add(
                "this is version \(version) of the format; this program reads version \(FileKeys.version)",
                at: reader.place(of: FileKeys.format.name))
        }
        plan.name = reader.value(FileKeys.name, &findings) ?? Self.baseName(of: reader.tree.place.file)
        reader.read(FileKeys.about, into: &about, &findings)
        reader.read(FileKeys.teaches, into: &teaches, &findings)
        reader.read(FileKeys.seed, into: &plan.seed, &findings)
        reader.read(FileKeys.duration, into: &plan.duration, &findings)
        reader.read(FileKeys.endless, into: &isEndless, &findings)
    }

    /// `checkout` for `demo-scenarios/checkout.yaml`.
    private static func baseName(of file: String) -> String {
        let name = file.split(separator: "/").last ?? "scenario"
        return String(name.split(separator: ".").first ?? name)
    }

    private mutating func checkPresence(of pairs: [Tree.Pair], _ key: String, _ what: String, _ tree: Tree) {
        guard pairs.isEmpty, findings.problems.isEmpty || tree[key] == nil,
            !tree.misspells(key, of: FileKeys.section.keys)
        else { return }
        findings.add("a scenario needs \(key): \(what)", at: tree[key]?.value.place ?? tree.place)
    }

    /// Takes over names, each of which may mean one thing only.
    mutating func declare(_ pairs: [Tree.Pair], as kind: (Int) -> Named) {
        for (index, pair) in pairs.enumerated() {
            check(name: pair)
            if let taken = names[pair.key] {
                findings.add("the name \"\(pair.key.clipped)\" is taken by a \(taken.kind)", at: pair.place)
            } else {
                names[pair.key] = kind(index)
            }
        }
    }

    /// Complains about a name that nothing can have.
    mutating func check(name pair: Tree.Pair) {
        do {
            _ = try NameNotation().read(pair.key)
        } catch {
            findings.add(error.message, at: pair.place.moved(by: error.offset))
        }
    }

    /// A load that stands for one that has not been read.
    private static func placeholder(_ name: String) -> LoadPlan {
        LoadPlan(name: name, target: .start(saga: 0), arrivals: .open(.poisson, []))
    }

    /// The names of a kind, for a hint.
    func names(where condition: (Named) -> Bool) -> [String] {
        names.filter { condition($0.value) }.keys.sorted()
    }
}
