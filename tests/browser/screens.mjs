// Which screens are there to look at? Each with how it is opened and what shows that it is drawn.

/** The screens as this person meets them, with a card, a customer and a car of the store they stand in. */
export async function screens(person) {
  const { items } = await person.api('/api/alerts?state=open&scope=store&limit=200');
  const told = items.find((alert) => alert.customer.name === 'Dana Whitfield') ?? items[0];
  const { id, customer, vehicle } = told;
  const at = (path, sign) => () => person.goto(path, sign);
  const sheet = await worksheet(person, customer.id);
  return [
    { name: 'now', open: at('/now', '.it, .empty') },
    { name: 'card', open: at(`/now/${id}?scope=store`, '.comp') },
    { name: 'score', open: () => opened(person, `/now/${id}?scope=store`, '.made button') },
    { name: 'store', open: at('/now?scope=store', '.it') },
    { name: 'snoozed', open: at('/now?scope=snoozed', '.it, .empty') },
    { name: 'customers', open: at('/customers', '.line') },
    { name: 'nobody', open: at('/customers?q=nobody-is-called-so', '.empty') },
    { name: 'customer', open: at(`/customers/${customer.id}`, '[data-record]') },
    { name: 'appraisal', open: at(`/appraisals/${sheet}`, 'form.sheet') },
    { name: 'appraisal-on-paper', open: at(`/print/appraisal/${sheet}`, '.sheet h1') },
    { name: 'brief', open: at(`/print/brief/${customer.id}`, '.sheet h1') },
    { name: 'inventory', open: at('/inventory', '.line') },
    { name: 'vehicle', open: at(`/inventory/${vehicle.id}`, '.head .price') },
    { name: 'pipeline', open: at('/pipeline?scope=store', '[data-sale]') },
    { name: 'void', open: at('/pipeline/void?scope=store', '[data-sale], .empty') },
    { name: 'opportunities', open: at('/opportunities', '[data-owner]') },
    { name: 'lease-and-loan-ends', open: at('/opportunities/ends', '[data-owner], .empty') },
    { name: 'work-through', open: () => workedThrough(person) },
    { name: 'equity', open: () => sheetOf(person) },
    { name: 'floor', open: at('/floor', '.floor .people') },
    { name: 'service', open: at('/service', '.sc, .empty') },
    { name: 'wallboard', open: at('/wallboard', '.board footer p') },
    { name: 'customers-narrowed', open: at('/customers?view=all&touch=month&card=open&drives=honda&sort=quiet', '.line, .empty') },
    { name: 'inventory-narrowed', open: at('/inventory?view=all&make=Honda&price=20k_30k', '.line, .empty') },
    { name: 'find', open: at('/find?q=whit', '.line') },
    { name: 'find-nothing', open: at('/find?q=nobody-is-called-so', '.empty') },
    { name: 'find-empty', open: at('/find', 'h1') },
    { name: 'duplicates', open: at('/duplicates', 'article, .empty') },
    { name: 'imports-of-others', open: at('/imports', '.empty') },
    { name: 'set-aside', open: at('/set-aside', 'h1') },
    { name: 'settings', open: at('/settings', 'main li') },
    { name: 'rules', open: at('/settings/rules/back_on_same_car', 'form') },
    { name: 'team', open: at('/settings/team', 'main li') },
    { name: 'feeds', open: at('/settings/feeds', 'main article, .empty') },
    { name: 'ladders', open: at('/settings/ladders', 'main li') },
    { name: 'not-here', open: at('/nowhere', 'h1') },
    { name: 'palette', open: () => keyed(person, 'Control+k', 'whit') },
    { name: 'keys', open: () => keyed(person, '?', '') },
    { name: 'call', open: () => keyed(person, 'l', 'otis brandt 207-555-0177') },
  ];
}

/** The number of a worksheet of this customer's, begun where there is none. */
async function worksheet(person, customer) {
  const path = `/api/customers/${customer}/appraisals`;
  const { items } = await person.api(path);
  if (items.length > 0) return items[0].id;
  return person.page.evaluate(async (address) => {
    const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': 'screens-of-a-worksheet' };
    const body = JSON.stringify({ year: 2019, make: 'Honda', model: 'Civic' });
    return (await (await fetch(address, { method: 'POST', headers, body })).json()).id;
  }, path);
}

async function opened(person, path, button) {
  await person.goto(path, button);
  await person.page.locator(button).first().click();
  await person.page.getByRole('dialog').waitFor();
}

async function workedThrough(person) {
  await person.goto('/opportunities/no-owner', '[data-owner]');
  await person.page.getByRole('button', { name: /^Work through/ }).click();
  await person.page.locator('.one').waitFor();
}

async function sheetOf(person) {
  await person.goto('/opportunities', '[data-owner]');
  await person.page.getByRole('button', { name: 'Equity', exact: true }).first().click();
  await person.page.getByRole('dialog').waitFor();
}

async function keyed(person, keys, typed) {
  await person.goto('/now?scope=store', '.it');
  await person.page.keyboard.press(keys);
  await person.page.getByRole('dialog').waitFor();
  if (!typed) return;
  await person.page.keyboard.type(typed);
  await person.page.getByRole('option').first().waitFor();
}
