/** Plain words, so that the grounding check can tell a name or a new claim from grammar. All lower case. */

const words = (text: string): Set<string> => new Set(text.split(/\s+/).filter((word) => word !== ""));

/** Grammar: says nothing by itself. */
export const STOP_WORDS = words(`
  a about above across after again against ago all almost along already also although am among an and another any are
  around as at away back be became because become becomes been before behind being below beside besides between beyond
  both but by came can cannot come comes could did do does doing done down during each either else enough even every
  except far few first for from further gave get gets give given gives go goes going gone got had has have having he her
  here hers him his how however i if in inside instead into is it its itself just keep keeps kept last later least less
  let like made main make makes making many may maybe me might mine more most much must my near need needs neither next
  no nor not now of off often on once one only onto or other others our ours out over own part per perhaps put rather
  said same say says second see seen several shall she should since so some someone something soon still such take taken
  takes than that the their theirs them themselves then there these they thing things this those though through thus to
  together too took toward towards under unless until up upon us use used uses using very via was way we well went were
  what whatever when where whether which while who whole whom whose why will with within without would yes yet you your
  yours
`);

/** The report's own vocabulary: neither supports a sentence nor speaks against it. */
export const GENERIC = words(`
  accepted action actions actual additionally answer answered answers applies asked assessment automatically aws board
  claim claims confirm confirmed confirms contradicts current currently decide decided decision detail details due
  evidence expected expects event fact facts finding findings high however issue known latest level levels manager
  managers medium module modules moreover named none note noted notes open overall owned owner owners owns pending place
  plain plan planned plans point points question questions quota quotas read reading readiness ready recorded region
  regions remain remaining remains report reported reports result results review risk risks rule rules section session
  show showed shown shows signed situation stand stands state stated statement states summary team therefore three two
  unanswered unconfirmed unknown verdict waiting whereas meanwhile
`);

/** Words that begin sentences. */
export const STARTERS = words(`
  according additionally alarms another answered applied auto availability backup backups batch capacity content
  credentials currently data database everyone failover finally four five furthermore good increase increases load
  logging logs mails meanwhile metrics moreover nobody none nothing overall peak recovery reported restore restoration
  running scaling several six storage ten the three traffic two unanswered unconfirmed unless usage whoever yet
`);

/** Names and terms that anybody may use without a source. */
export const COMMON_NAMES = words(`
  aws amazon az azs api vcpu cpu t-minus bedrock high medium red yellow green
`);
