import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plan } from '../src/live/publish/plan.ts';
import {
  INITIAL_PLAN,
  PLAN_LIMITS,
  type PlanCommand,
  type PlanEvent,
  type PlanState,
} from '../src/live/publish/plan-state.ts';

/** Runs events through the plan; a number lets so many milliseconds pass. */
class Story {
  state: PlanState = INITIAL_PLAN;
  nowMs = 0;
  commands: PlanCommand[] = [];

  tell(...events: (PlanEvent | number)[]): this {
    this.commands = [];
    for (const event of events) {
      if (typeof event === 'number') this.nowMs += event;
      const step = plan(this.state, typeof event === 'number' ? TICK : event, this.nowMs);
      this.state = step.state;
      this.commands.push(...step.commands);
    }
    return this;
  }

  get did(): string[] {
    return this.commands.map((command) =>
      command.type === 'open-path' ? `open ${command.mode}` : command.type,
    );
  }

  /** The path that is being set up is opened by the server, and viewers get it. */
  live(epoch: number): this {
    const id = this.state.next?.id ?? -1;
    return this.tell({ type: 'path-epoch', id, epoch }, { type: 'path-live', id });
  }
}

const TICK: PlanEvent = { type: 'tick' };
const CONNECTED: PlanEvent = { type: 'connected', resumed: false };
const CAMERA: PlanEvent = { type: 'source', present: true };
const GO: PlanEvent = { type: 'go-live' };
const RUNNING: PlanEvent = { type: 'edge-running' };
const HAND_OVER: PlanEvent = { type: 'hand-over' };
const configure = (where: PlanState['where'], serverOnly = false): PlanEvent => ({
  type: 'configure',
  where,
  serverOnly,
});
const failing = (severity: 'slow' | 'broken' | 'dead', cause = 'too-slow'): PlanEvent => ({
  type: 'edge-failing',
  cause,
  severity,
});

const atTheEdge = () => new Story().tell(CONNECTED, CAMERA, RUNNING, GO).live(1);

describe('going live', () => {
  test('a source alone opens the preview, and nothing leaves', () => {
    expect(new Story().tell(CONNECTED, CAMERA, RUNNING).did).toEqual(['open-edge']);
  });

  test('automatic begins at the edge', () => {
    const story = atTheEdge();
    expect(story.state.current).toEqual({ id: 1, mode: 'edge', epoch: 1 });
  });

  test('automatic waits while the edge opens, and takes the server when it cannot', () => {
    const story = new Story().tell(CONNECTED, CAMERA, GO);
    expect(story.did).toEqual(['open-edge']);
    story.tell({ type: 'edge-unsupported', cause: 'no-webgl2' });
    expect(story.did).toEqual(['close-edge', 'open server']);
  });

  test('an edge that opens slowly is not waited for, and takes over once it held', () => {
    const story = new Story().tell(CONNECTED, CAMERA, GO, PLAN_LIMITS.waitForEdgeMs);
    expect(story.did).toEqual(['open-edge', 'open server']);
    story.live(1).tell(RUNNING, PLAN_LIMITS.holdBeforeReturnMs);
    expect(story.did).toEqual(['open edge']);
  });

  test('a profile that trusts no browser never opens the edge', () => {
    const story = new Story().tell(CONNECTED, configure('edge', true), CAMERA, GO);
    expect(story.did).toEqual(['open server']);
  });

  test('server only on wish never opens the edge', () => {
    expect(new Story().tell(CONNECTED, configure('server'), CAMERA, GO).did).toEqual([
      'open server',
    ]);
  });

  test('nothing is opened without a connection, and all of it with one', () => {
    const story = new Story().tell(configure('server'), CAMERA, GO);
    expect(story.did).toEqual([]);
    expect(story.tell(CONNECTED).did).toEqual(['open server']);
  });
});

describe('hand-over', () => {
  test('a slow edge goes on until the server has taken over, and a moment longer', () => {
    const story = atTheEdge().tell(failing('slow'));
    expect(story.did).toEqual(['open server']);
    expect(story.live(2).did).toEqual([]);
    expect(story.state.retiring.map(({ mode }) => mode)).toEqual(['edge']);
    expect(story.tell({ type: 'epoch-closed', epoch: 1 }).did).toEqual([
      'close-path',
      'close-edge',
    ]);
  });

  test('a replaced path of which nothing is heard is closed all the same', () => {
    const story = atTheEdge().tell(failing('slow')).live(2);
    expect(story.tell(PLAN_LIMITS.retireMs + 1).did).toEqual(['close-path', 'close-edge']);
  });

  test('a dead edge is closed at once', () => {
    expect(atTheEdge().tell(failing('dead', 'worker-crashed')).did).toEqual([
      'close-path',
      'close-edge',
      'open server',
    ]);
  });

  test('the edge comes back after it held beside the server', () => {
    const story = atTheEdge().tell(failing('slow')).live(2);
    story.tell({ type: 'epoch-closed', epoch: 1 });
    expect(story.tell(PLAN_LIMITS.edgeRestMs.firstMs).did).toEqual(['open-edge']);
    expect(story.tell(RUNNING, PLAN_LIMITS.holdBeforeReturnMs - 1).did).toEqual([]);
    expect(story.tell(1).did).toEqual(['open edge']);
    expect(story.live(3).state.current?.mode).toBe('edge');
  });

  test('each failure makes the edge rest longer', () => {
    const story = atTheEdge().tell(failing('slow')).live(2);
    story.tell({ type: 'epoch-closed', epoch: 1 }, PLAN_LIMITS.edgeRestMs.firstMs);
    story.tell(failing('slow'), PLAN_LIMITS.edgeRestMs.firstMs);
    expect(story.state.edge.type).toBe('resting');
    expect(story.tell(PLAN_LIMITS.edgeRestMs.firstMs).did).toEqual(['open-edge']);
  });

  test('a hidden page rests until it is seen again', () => {
    const story = atTheEdge().tell(failing('slow', 'hidden')).live(2);
    story.tell({ type: 'epoch-closed', epoch: 1 });
    expect(story.tell(PLAN_LIMITS.edgeRestMs.mostMs * 2).did).toEqual([]);
    expect(story.tell({ type: 'page-visible' }).did).toEqual(['open-edge']);
  });

  test('edge only: a slow edge stays, a broken one is opened anew', () => {
    const story = new Story().tell(CONNECTED, configure('edge'), CAMERA, RUNNING, GO).live(1);
    expect(story.tell(failing('slow')).did).toEqual([]);
    expect(story.tell(failing('broken', 'webgl-lost')).did).toEqual(['close-path', 'close-edge']);
    expect(story.tell(PLAN_LIMITS.pathRestMs.firstMs, RUNNING).did).toEqual([
      'open-edge',
      'open edge',
    ]);
  });

  test('by hand to the server and back, without a wait', () => {
    const story = atTheEdge().tell(HAND_OVER);
    expect(story.did).toEqual(['open server']);
    story.live(2).tell({ type: 'epoch-closed', epoch: 1 });
    expect(story.did).toEqual(['close-path', 'close-edge']);
    expect(story.tell(60_000).did).toEqual([]);
    expect(story.tell(HAND_OVER).did).toEqual(['open-edge']);
    expect(story.tell(RUNNING).did).toEqual(['open edge']);
  });

  test("the server's order goes before the person's wish", () => {
    const story = new Story().tell(CONNECTED, configure('edge'), CAMERA, RUNNING, GO).live(1);
    story.tell({ type: 'epoch-closed', epoch: 1 });
    story.tell({ type: 'order', to: 'server', cause: 'residual-hit' });
    expect(story.state.next?.mode).toBe('server');
    expect(story.live(2).tell(HAND_OVER, 600_000).did).toEqual([]);
  });
});

describe('trouble', () => {
  test('a refused attestation sends automatic to the server for good', () => {
    const story = new Story().tell(CONNECTED, CAMERA, RUNNING, GO);
    story.tell({ type: 'path-failed', id: 1, code: 'attestation-refused' });
    expect(story.did).toEqual(['close-path', 'close-edge', 'open server']);
  });

  test('a set-up that failed is tried again, later each time', () => {
    const story = new Story().tell(CONNECTED, configure('server'), CAMERA, GO);
    story.tell({ type: 'path-failed', id: 1, code: 'anonymizer-unavailable' });
    expect(story.state.problem).toBe('anonymizer-unavailable');
    expect(story.tell(PLAN_LIMITS.pathRestMs.firstMs).did).toEqual(['open server']);
    story.tell({ type: 'path-failed', id: 2, code: undefined }, PLAN_LIMITS.pathRestMs.firstMs);
    expect(story.did).toEqual(['close-path']);
    expect(story.tell(PLAN_LIMITS.pathRestMs.firstMs).did).toEqual(['open server']);
  });

  test('what cannot be turned ends it with its reason', () => {
    const story = new Story().tell(CONNECTED, configure('server'), CAMERA, GO);
    story.tell({ type: 'path-failed', id: 1, code: 'forbidden' });
    expect(story.did).toEqual(['close-path', 'say-stop']);
    expect(story.state).toMatchObject({ wanted: false, problem: 'forbidden' });
  });

  test('a new session opens everything anew, a resumed one nothing', () => {
    const story = atTheEdge().tell({ type: 'disconnected' });
    expect(story.tell({ type: 'connected', resumed: true }).did).toEqual([]);
    story.tell({ type: 'disconnected' });
    expect(story.tell(CONNECTED).did).toEqual(['close-path', 'open edge']);
  });

  test('lost media opens everything anew', () => {
    expect(atTheEdge().tell({ type: 'media-reset' }).did).toEqual(['close-path', 'open edge']);
  });

  test('an anonymizer that the server restarted is closed under its own number', () => {
    const story = new Story().tell(CONNECTED, configure('server'), CAMERA, GO).live(4);
    expect(story.tell({ type: 'epoch-closed', epoch: 6 }).did).toEqual([
      'close-path',
      'open server',
    ]);
  });

  test('stop closes every way out and says so once', () => {
    const story = atTheEdge().tell(HAND_OVER);
    expect(story.tell({ type: 'stop' }).did).toEqual(['close-path', 'close-path', 'say-stop']);
    expect(story.tell({ type: 'stop' }).did).toEqual([]);
  });
});

test('an edge that said too late that it cannot is closed before the next one opens', () => {
  const story = new Story().tell(CAMERA, { type: 'edge-unsupported', cause: 'no-webgl2' });
  expect(story.did).toEqual(['open-edge', 'close-edge']);
  expect(story.tell(CAMERA).did).toEqual(['open-edge']);
});

const anyEvent: fc.Arbitrary<PlanEvent | number> = fc.oneof(
  fc.integer({ min: 0, max: 40_000 }),
  fc.constantFrom<PlanEvent>(
    TICK,
    CONNECTED,
    { type: 'connected', resumed: true },
    { type: 'disconnected' },
    CAMERA,
    { type: 'source', present: false },
    GO,
    { type: 'stop' },
    RUNNING,
    HAND_OVER,
    configure('auto'),
    configure('edge'),
    configure('server'),
    configure('auto', true),
    failing('slow'),
    failing('broken'),
    failing('dead'),
    failing('slow', 'hidden'),
    { type: 'page-visible' },
    { type: 'edge-unsupported', cause: 'no-webgl2' },
    { type: 'media-reset' },
    { type: 'order', to: 'server', cause: 'residual-hit' },
    { type: 'order', to: 'edge', cause: 'administrator' },
  ),
  fc.record({
    type: fc.constant('path-failed' as const),
    id: fc.integer({ min: 1, max: 8 }),
    code: fc.constantFrom('internal', 'edge-refused', 'forbidden', undefined),
  }),
  fc.record({ type: fc.constant('path-live' as const), id: fc.integer({ min: 1, max: 8 }) }),
);

test('whatever happens, what is open stays known and is closed once', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 60 }), (events) => {
      const story = new Story();
      const open = new Set<number>();
      let edgeOpen = false;
      for (const event of events) {
        story.tell(event);
        for (const command of story.commands) {
          if (command.type === 'open-path') {
            expect(open.has(command.id)).toBe(false);
            // Nothing leaves the page from an anonymizer that it does not have.
            if (command.mode === 'edge') expect(edgeOpen).toBe(true);
            open.add(command.id);
          }
          if (command.type === 'close-path') expect(open.delete(command.id)).toBe(true);
          if (command.type === 'open-edge') {
            expect(edgeOpen).toBe(false);
            edgeOpen = true;
          }
          if (command.type === 'close-edge') {
            expect(edgeOpen).toBe(true);
            edgeOpen = false;
          }
        }
        if (event === RUNNING) continue;
        const { current, next, retiring, wanted } = story.state;
        const known = [current, next, ...retiring].filter((path) => path !== undefined);
        expect(known.map(({ id }) => id).sort()).toEqual([...open].sort());
        if (!wanted) expect(known).toEqual([]);
      }
    }),
    { numRuns: 500 },
  );
});
