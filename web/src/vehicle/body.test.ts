// Is a car without a photo drawn as what it is?
import { describe, expect, it } from 'vitest';
import { bodyOf, paintOf } from './body';

describe('the shape', () => {
  it.each([
    ['SUV', '2022 Honda CR-V EX-L', 'suv'],
    ['Crew Cab Pickup', '2019 Ram 1500', 'truck'],
    ['4D Hatchback', '2020 Mazda3', 'hatch'],
    [null, '2022 Honda CR-V EX-L', 'suv'],
    [null, '2019 Ford F-150 XLT', 'truck'],
    [null, '2019 Ford F150', 'truck'],
    [null, '2021 Honda Odyssey', 'van'],
    [null, '2018 Volkswagen Golf', 'hatch'],
    [null, '2018 Honda Civic EX', 'sedan'],
    [null, '', 'sedan'],
  ])('of a %s, %s is drawn as %s', (body, label, shape) => {
    expect(bodyOf(body, label)).toBe(shape);
  });
});

describe('the paint', () => {
  it('takes the first colour it knows from a maker’s fancy name', () => {
    expect(paintOf('Platinum White Pearl')).toBe('#e9ebee');
    expect(paintOf('Crystal Black')).toBe('#5b626d');
    expect(paintOf('Aegean Blue Metallic')).toBe('#64809f');
  });

  it('is neutral when nothing is known', () => {
    expect(paintOf(null)).toBe('#c9ced6');
    expect(paintOf('Mystery')).toBe('#c9ced6');
  });
});
