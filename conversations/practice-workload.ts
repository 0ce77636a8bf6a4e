/**
 * A made-up workload to practise on, with a weakness planted for every question. Its figures fit together: who works
 * through it does the sums that a real review needs.
 */
export const PRACTICE_WORKLOAD = {
  name: "Lantern Tickets",
  event: "the summer festival sale, four weeks from now, at 4x a normal Friday",
  description:
    "Lantern sells concert tickets. Web and api run on EC2 behind one Application Load Balancer in eu-west-1, in account prod. Orders are in one RDS PostgreSQL instance, seats in DynamoDB, images in S3. A normal Friday has 1,500 requests a second and 60,000 mails.",
} as const;

/** What stands behind a question in the workload, and the words by which somebody shows that they saw it. */
export type Planted = { shown: string; weakness: string; spotted: string };

export const PLANTED: Record<string, Planted> = {
  P1: {
    shown: "All egress to the payment provider goes through one NAT gateway: 21,000 connections on a normal Friday.",
    weakness: "At 4x that is 84,000 connections to one destination; a NAT gateway carries 55,000.",
    spotted: "nat|55,?000|84,?000|connections?",
  },
  P2: {
    shown: "Every sale of a concert updates one row that counts the seats left.",
    weakness: "One hot row serialises all sales of the concert everybody wants.",
    spotted: "row|counter|hot|lock|serial",
  },
  P3: {
    shown:
      "The last load test ran in March: 3,000 requests a second for ten minutes, before the checkout was rewritten.",
    weakness: "The peak is 6,000 a second for two hours, and the code has changed since.",
    spotted: "6,?000|checkout|rewritten|since|march|again|too (?:old|short|small)",
  },
  P4: {
    shown: "CloudFront serves images; tickets.example.com itself points at the load balancer.",
    weakness: "Pages and the waiting room aren't behind the CDN: the origin takes the whole crowd.",
    spotted: "origin|only images|not (?:behind|cached)|pages|waiting room",
  },
  P5: {
    shown: "The load balancer's access logs are off; CloudFront's go to a bucket that deletes after 14 days.",
    weakness: "Nothing will be left to learn from for the next festival.",
    spotted: "14 days|off|delete|retention|kept|next",
  },
  P6: {
    shown: "Eleven alarms send mail to ops@example.com. Two of them have been in INSUFFICIENT_DATA since May.",
    weakness: "Nobody is called at night, and two alarms are blind.",
    spotted: "mail|nobody|insufficient|page|on.?call",
  },
  R1: {
    shown: "AWS announced maintenance of the RDS instance on the evening of the sale.",
    weakness: "A restart of the only database, in the sale.",
    spotted: "maintenance|window|restart|move it|postpone",
  },
  R2: {
    shown: "orders-db is Single-AZ. Web spans three AZs, api has all instances in eu-west-1a.",
    weakness: "Database and api are each one failure away from the end of the sale.",
    spotted: "single|orders-db|api|eu-west-1a|one az",
  },
  R3: {
    shown: "Images are in S3 without versioning; tickets as PDF exist only there.",
    weakness: "One wrong delete and sold tickets are gone.",
    spotted: "version|delete|pdf|backup|copy",
  },
  R4: {
    shown: "Nobody has said what an hour without sales costs. A sold seat that is lost is sold twice.",
    weakness:
      "Without a cost nobody can say which RTO and RPO are good enough; selling twice is worse than not selling.",
    spotted: "cost|twice|double|rto|rpo|per hour",
  },
  R5: {
    shown: "Backups run every night. A restore was tried once, two years ago, and took five hours.",
    weakness: "Five hours is longer than the sale, and up to a day of orders is lost.",
    spotted: "five|5 h|hours|longer|tested|day of|rpo|two years",
  },
  R6: {
    shown: "Failing over to eu-central-1 is a wiki page of 31 steps. Its author left.",
    weakness: "A manual way that nobody living in the team has walked.",
    spotted: "manual|31|nobody|left|never|practi[sc]e",
  },
  S1: {
    shown: "The payment provider's key was made 400 days ago and expires on the day after the sale starts.",
    weakness: "It expires in the middle of the sale.",
    spotted: "expire|400|day after|before the sale|rotate",
  },
  S2: {
    shown: "People log in with SSH through a bastion with a shared key; port 22 is open to everywhere.",
    weakness: "Nobody knows who does what, and everybody can knock.",
    spotted: "shared|bastion|22|open|session manager|who",
  },
  S3: {
    shown: "All access goes through the identity provider. There is no break-glass user.",
    weakness: "When the identity provider is down, nobody gets in.",
    spotted: "break.?glass|identity|idp|sso|nobody",
  },
  Q1: {
    shown: "The plan names EC2 and RDS. Login uses Lambda, with the default concurrency of 1,000.",
    weakness: "Lambda at 4x needs 1,600, and isn't on the list.",
    spotted: "lambda|concurren|1,?600|1,?000",
  },
  Q2: {
    shown: "web may grow to 80 m7g.2xlarge, api to 60 m7g.xlarge. The applied quota is 640 vCPU.",
    weakness: "80 x 8 + 60 x 4 = 880 vCPU: 240 more than the quota.",
    spotted: "880|240|short|more than|exceeds?|640",
  },
  Q3: {
    shown: "gp3 storage: 44 of 50 TiB. Each new web instance brings 100 GiB.",
    weakness: "Sixty more instances bring 6,000 GiB, about 5.9 TiB: 49.9 of 50, before any log grows.",
    spotted: "49|50 tib|5\\.9|6,?000|full|tight|100 gib",
  },
  Q4: {
    shown: "A cron job on an instance mails seat maps straight to the venues by port 25.",
    weakness: "EC2 blocks port 25 to the outside unless AWS lifted it for this account.",
    spotted: "25|block|ses|lift|remov",
  },
  Q5: {
    shown: "orders-db has 12,000 provisioned IOPS; a normal Friday uses 4,100.",
    weakness: "At 4x that is 16,400: more than there is.",
    spotted: "16,?400|4x|more than|raise|short",
  },
  Q6: {
    shown: "Half of web runs on Spot. Nothing says what happens when Spot is taken away.",
    weakness: "Spot goes when everybody wants it, and its quota counts apart.",
    spotted: "interrupt|taken|reclaim|on-demand|quota|fall ?back",
  },
  Q7: {
    shown: "SES may send 200,000 mails a day, 50 a second.",
    weakness: "Four times 60,000 is 240,000, and each buyer gets two.",
    spotted: "240,?000|480,?000|more than|raise|200,?000",
  },
  M1: {
    shown: "The dashboard shows CPU, memory and disk.",
    weakness: "Nothing on it says whether tickets are being sold.",
    spotted: "sold|sales|orders?|checkout|business|per minute",
  },
};
